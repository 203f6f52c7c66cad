-- The lead book at any size: every order is the order of an index, every filter finds what it asks for by one, and filters
-- that no index serves under row-level security are found by a function that asks whose workspace it is first.

-- Most words are plain letters, which nothing has to be taken away from.
create or replace function book_plain(words text) returns text
language sql immutable set search_path = pg_catalog, public as $$
    select case when octet_length(coalesce(words, '')) = char_length(coalesce(words, '')) then lower(coalesce(words, ''))
        else lower(regexp_replace(normalize(words, nfkd), '[\u0300-\u036f]', '', 'g')) end
$$;

-- Whose mailbox an address is: pipeline/contact/contact_lists.py names the providers (FREE_MAIL), and
-- tests/store/test_fast_book.py holds the two together.
create function book_email_kind(email text, is_role boolean) returns text
language sql immutable set search_path = pg_catalog, public as $$
    select case when email is null then null
        when lower(email) ~ '@(?:(?:[^@]+\.)?(?:126\.com|163\.com|alice\.it|andorra\.ad|arcor\.de|att\.net|bigpond\.com|bk\.ru|bluewin\.ch|blueyonder\.co\.uk|btconnect\.com|btinternet\.com|centrum\.cz|chello\.at|clix\.pt|comcast\.net|dnainternet\.net|elisanet\.fi|fastmail\.com|free\.fr|freenet\.de|gmail\.com|googlemail\.com|icloud\.com|inbox\.ru|inet\.fi|interia\.pl|iol\.pt|kolumbus\.fi|laposte\.net|libero\.it|list\.ru|luukku\.com|mac\.com|mail\.com|mail\.de|mail\.ru|mailbox\.org|me\.com|msn\.com|myp\.ad|naver\.com|netcabo\.pt|netti\.fi|ntlworld\.com|o2\.pl|onet\.pl|online\.de|orange\.fr|pm\.me|posteo\.de|pp\.inet\.fi|proton\.me|protonmail\.com|qq\.com|rambler\.ru|rocketmail\.com|rogers\.com|sapo\.pt|saunalahti\.fi|seznam\.cz|sfr\.fr|shaw\.ca|sky\.com|spray\.se|suomi24\.fi|t\-online\.de|talktalk\.net|telefonica\.net|telepac\.pt|telia\.com|terra\.es|tuta\.io|tutanota\.com|verizon\.net|virgilio\.it|virginmedia\.com|web\.de|welho\.com|wp\.pl|ymail\.com|zoho\.com)|(?:aol|gmx|hotmail|live|outlook|tiscali|wanadoo|yahoo|yandex)\.(?:com?\.)?[a-z]+)$' then 'free'
        when is_role then 'role' else 'personal' end
$$;

-- What a lead is labelled with, each behind the beginning of the id of its workspace, as words are: its tags, and the
-- sources it was found in beside the first.
create function book_labels(workspace uuid, tags text[], origins jsonb) returns text[]
language sql immutable set search_path = pg_catalog, public as $$
    select array_agg(distinct left(workspace::text, 8) || label) from (
        select 'tag ' || tag from unnest(tags) as tag
        union all
        select 'source ' || (origin ->> 'source') from jsonb_array_elements(origins - 0) as origin) as each (label)
    where label is not null
$$;

-- As the column is ordered; array_to_string is not immutable for every kind of array, but for this one.
create function book_tag_text(tags text[]) returns text
language sql immutable set search_path = pg_catalog, public as $$
    select lower(array_to_string(tags, ', '))
$$;

drop index leads_book_tags;
create index leads_book_labels on leads using gin (book_labels(workspace_id, tags, origins))
    where is_current and (tags <> '{}' or jsonb_array_length(origins) > 1);
create index leads_book_kind on leads (workspace_id, book_email_kind(email, is_role_address))
    where is_current and email is not null;
create index leads_book_profile on leads (workspace_id, id)
    where is_current and (profiles <> '[]' or details ? 'profiles');

drop index leads_book_category, leads_book_city, leads_book_phone;
create index leads_book_category on leads (workspace_id, category, id) where is_current;
create index leads_book_city on leads (workspace_id, lower(city), id) where is_current and city is not null;
create index leads_book_phone on leads (workspace_id, phone, id) where is_current and phone is not null;
create index leads_book_title on leads (workspace_id, lower(name), id) where is_current;
create index leads_book_email on leads (workspace_id, lower(email), id) include (email_status)
    where is_current and email is not null;
create index leads_book_website on leads (workspace_id, lower(website), id) where is_current and website is not null;
create index leads_book_address on leads (workspace_id, lower(address), id) where is_current and address is not null;
create index leads_book_postcode on leads (workspace_id, lower(postcode), id) where is_current and postcode is not null;
create index leads_book_country on leads (workspace_id, lower(country), id) where is_current and country is not null;
create index leads_book_hours on leads (workspace_id, lower(opening_hours), id)
    where is_current and opening_hours is not null;
create index leads_book_chain on leads (workspace_id, lower(chain), id) where is_current and chain is not null;
create index leads_book_state on leads (workspace_id, lower(jsonb_extract_path_text(details, 'state')), id)
    where is_current and jsonb_extract_path_text(details, 'state') is not null;
create index leads_book_also on leads (workspace_id, lower(jsonb_extract_path_text(details, 'also')), id)
    where is_current and jsonb_extract_path_text(details, 'also') is not null;
create index leads_book_doubt on leads (workspace_id, lower(jsonb_extract_path_text(details, 'doubt')), id)
    where is_current and jsonb_extract_path_text(details, 'doubt') is not null;
create index leads_book_source on leads (workspace_id, lower(jsonb_extract_path_text(origins, '0', 'source')), id)
    where is_current and jsonb_extract_path_text(origins, '0', 'source') is not null;
create index leads_book_tagged on leads (workspace_id, book_tag_text(tags), id) where is_current and tags <> '{}';
create index leads_book_confidence on leads (workspace_id, confidence, id) where is_current;
create index leads_book_reach on leads (workspace_id, reach, id) where is_current and reach is not null;
create index leads_book_cost on leads (workspace_id, cost_micros, id) where is_current;
create index leads_book_seen on leads (workspace_id, updated_at, id) where is_current;
create index leads_book_status on leads (workspace_id, (case team_status when 'new' then 0 when 'contacted' then 1
    when 'interested' then 2 when 'won' then 3 when 'lost' then 4 else 5 end), id) where is_current;
create index leads_book_likely on leads (workspace_id, (case email_status when 'verified' then 0 when 'accepted' then 1000
    when 'catchall' then 2000 when 'typed' then 3000 when 'unverified' then 4000 when 'unknown' then 5000
    when 'disposable' then 6000 when 'none' then 7000 when 'invalid' then 8000 else 9000 end + 500 - confidence), id)
    where is_current;
create index leads_book_email_status on leads (workspace_id, email_status) where is_current;
create index leads_book_place on leads (workspace_id, lat, lon) where is_current and lat is not null;
drop index leads_book_best;
create index leads_book_best on leads (workspace_id, (confidence + coalesce(reach, confidence)) desc, id desc)
    include (confidence, reach) where is_current;

-- What has no number or no website stands at the end of the best ones.
create index leads_book_no_phone on leads (workspace_id, (confidence + coalesce(reach, confidence)) desc, id desc)
    where is_current and phone is null;
create index leads_book_no_website on leads (workspace_id, (confidence + coalesce(reach, confidence)) desc, id desc)
    where is_current and website is null;
create index leads_book_tag_sets on leads (workspace_id, tags) where is_current and tags <> '{}';

drop index leads_of_company;
create index leads_of_company on leads (workspace_id, company_id, updated_at desc) include (campaign_id);

-- Functions that expressions of indexes call run as whoever writes.
revoke all on function book_email_kind(text, boolean), book_tag_text(text[]), book_labels(uuid, text[], jsonb) from public;
grant execute on function book_email_kind(text, boolean), book_tag_text(text[]), book_labels(uuid, text[], jsonb)
    to pp_auth, pp_web, pp_worker;

grant create on schema public to pp_auth;
set local role pp_auth;

-- The leads of the book with all of these words, this tag, this source and this kind of address, at most so many; none of a
-- workspace that whoever asks is not in. Row-level security keeps Postgres from indexes whose operators it does not trust
-- with rows that it has not let through yet: here the workspace is checked first. What most of some leads have is read
-- through, as an index would bring up nearly all of the workspace before it stops.
create function book_ids(workspace uuid, wanted tsquery, tag text, source text, kind text, most integer) returns setof uuid
language plpgsql stable security definer set search_path = pg_catalog, public as $$
declare
    sampled constant integer := 200;
    prefix constant text := left(workspace::text, 8);
    labelled constant text := '(tags <> ''{}'' or jsonb_array_length(origins) > 1)'
        ' and book_labels(workspace_id, tags, origins) @> array[%s]';
    of_kind constant text := ' and email is not null and book_email_kind(email, is_role_address) = $3';
    has text := case when wanted is null then 'true' else 'words @@ $2' end;
    found integer;
begin
    if workspace is null or workspace not in (select app_workspaces()) then
        return;
    end if;
    if tag is not null then
        has := has || ' and ' || format(labelled, '$5');
    end if;
    if source is not null then
        has := has || ' and (lower(jsonb_extract_path_text(origins, ''0'', ''source'')) = $7'
            ' and jsonb_extract_path_text(origins, ''0'', ''source'') is not null or ' || format(labelled, '$6') || ')';
    end if;
    if has <> 'true' then
        execute format('select count(*) filter (where %s) from (select * from leads where workspace_id = $1 and is_current'
            ' order by workspace_id, confidence + coalesce(reach, confidence) desc, id desc limit $4) l', has)
            into found using workspace, wanted, kind, sampled, prefix || 'tag ' || tag, prefix || 'source ' || source, source;
    end if;
    return query execute format(case when found * 4 >= sampled * 3
        then 'select id from (select * from leads where workspace_id = $1 and is_current offset 0) l where %s%s limit $4'
        else 'select id from leads where workspace_id = $1 and is_current and %s%s limit $4' end,
        has, case when kind is not null then of_kind else '' end)
        using workspace, wanted, kind, most, prefix || 'tag ' || tag, prefix || 'source ' || source, source;
end $$;

-- The tags of the book, from one set of tags to the next, so that it does not matter how many leads have them.
create function book_tags(workspace uuid) returns setof text
language sql stable security definer set search_path = pg_catalog, public as $$
    with recursive sets as (
        (select l.tags from leads l where l.workspace_id = workspace and l.is_current and l.tags <> '{}'
            and workspace in (select app_workspaces()) order by l.tags limit 1)
        union all
        select n.tags from sets s cross join lateral (
            select l.tags from leads l where l.workspace_id = workspace and l.is_current and l.tags <> '{}'
                and l.tags > s.tags order by l.tags limit 1) n)
    select distinct unnest(s.tags) from sets s
$$;
revoke all on function book_ids(uuid, tsquery, text, text, text, integer), book_tags(uuid) from public;
grant execute on function book_ids(uuid, tsquery, text, text, text, integer), book_tags(uuid) to pp_web;

reset role;
revoke create on schema public from pp_auth;
