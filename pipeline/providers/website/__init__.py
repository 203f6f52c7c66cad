"""The company's own website: read politely, never trusted."""
