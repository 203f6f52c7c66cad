-- Rows that were just written wait in a list before they go into the indexes of names and words, and each question looks
-- through all of that list: an import ends by putting them in.

create or replace function analyze_places() returns void language plpgsql security definer
    set search_path = pg_catalog, public as $$
begin
    perform gin_clean_pending_list(name::regclass)
        from unnest(array['places_words', 'localities_keys', 'localities_pieces']) as name;
    analyze places, localities;
end $$;
