"""Which businesses belong to a chain: by what their records say, and by the names that chains go by."""
