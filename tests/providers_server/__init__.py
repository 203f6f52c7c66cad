"""A stand-in for all providers on one real socket: their wire formats, limits, prices and faults, over known data."""
