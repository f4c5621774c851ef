"""Questions 查询: SELECTs that answer pages with frozen views; nothing here changes anything."""
