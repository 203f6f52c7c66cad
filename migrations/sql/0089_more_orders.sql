-- Orders of the book by what only some sources state: rating, reviews, founding and size. Each index holds the companies that have it.
create index leads_book_rating on leads (workspace_id, lower(jsonb_extract_path_text(details, 'rating')), id)
    where is_current and jsonb_extract_path_text(details, 'rating') is not null;
create index leads_book_reviews on leads (workspace_id, lower(lpad(jsonb_extract_path_text(details, 'reviews'), 9, '0')), id)
    where is_current and jsonb_extract_path_text(details, 'reviews') is not null;
create index leads_book_founded on leads (workspace_id, lower(jsonb_extract_path_text(details, 'founded')), id)
    where is_current and jsonb_extract_path_text(details, 'founded') is not null;
create index leads_book_company_size on leads (workspace_id, (case jsonb_extract_path_text(details, 'company_size')
    when 'micro' then 0 when 'small' then 1 when 'medium' then 2 when 'large' then 3 else 4 end), id)
    where is_current and jsonb_extract_path_text(details, 'company_size') is not null;
