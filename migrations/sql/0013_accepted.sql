-- What a mail verifier of one's own can say: less than verified, more than nothing.
alter table leads drop constraint leads_email_status_check;
alter table leads add constraint leads_email_status_check check (email_status in (
    'none', 'unverified', 'verified', 'accepted', 'catchall', 'unknown', 'disposable', 'invalid'
)) not valid;
alter table leads validate constraint leads_email_status_check;
