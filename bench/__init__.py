"""Measurements 基准测试: what a step, a page and a stored instance cost, as ratios against a floor."""
