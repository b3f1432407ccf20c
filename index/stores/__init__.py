"""Where passages are kept and found: FAISS files on one machine, Milvus on many."""
