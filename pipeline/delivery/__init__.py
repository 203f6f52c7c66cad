"""Where files that are exported regularly go: other people's servers, each by its own protocol."""
