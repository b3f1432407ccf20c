"""Readers of data sets: question files, SQuAD form, BEIR folders, RGB, tables of a clerk."""
