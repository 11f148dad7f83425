"""Answers in words: what a person would say, with dates, amounts, grades and sources; one file a family of
questions."""
