"""Presets, one file each: a table in a known format, with the columns another program asks for and as it wants them."""
