"""The API for programs 接口: a documented subset of the Camunda 7 REST API, and our own resources beside it."""
