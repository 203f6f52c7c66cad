-- Whatever is there came from OpenStreetMap, and so does what the version before imports: the defaults say so, and no row is
-- written anew.
alter table places
    add column licence text not null default 'ODbL-1.0',
    add column attribution text not null
        default '© OpenStreetMap contributors, https://www.openstreetmap.org/copyright';
