-- What a team did, newest first (store/feed.py): each moment is found by its kind, of everybody or of one person.

create index activities_by_kind on activities (workspace_id, kind, at desc);
create index activities_by_person on activities (workspace_id, user_id, kind, at desc);
create index exports_newest on exports (workspace_id, created_at desc);
