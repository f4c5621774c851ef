"""The site on which pages and their questions are tried."""

from tests.site import any_site, pg_site, pg_template, prepared, site

__all__ = ["any_site", "pg_site", "pg_template", "prepared", "site"]
