"""The site the API is tried on."""

from tests.site import any_site, pg_site, pg_template, prepared, site

__all__ = ["any_site", "pg_site", "pg_template", "prepared", "site"]
