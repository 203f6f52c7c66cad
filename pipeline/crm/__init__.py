"""Customer systems (CRMs) companies are handed to: one adapter each, all by the same interface."""
