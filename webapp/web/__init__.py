"""The entrance for people: requests in, one verb or question, answers out."""
