"""A table of Pixeltable to try the migration on: `code_layouts`, whose vectors all-MiniLM-L6-v2 makes."""
