"""The rules that plugins keep, checked one by one."""
