-- A list that is chosen from the book is checked when it is made: its file holds the ids of companies alone, and no columns.

drop policy adds on lists;
create policy adds on lists for insert to pp_web with check (
    (state = 'checking' or (state = 'checked' and kind = 'own')) and removed_at is null
    and workspace_id in (select app_workspaces_as('member')) and created_by = (select app_user_id()));
grant insert (state, rows, bad, known, companies) on lists to pp_web;
