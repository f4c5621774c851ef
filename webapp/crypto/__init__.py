"""Keys and sealed values: personal data at rest opens only with a master key kept outside the database."""
