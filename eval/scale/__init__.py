"""How search holds up from ten thousand passages to millions: build, recall, time, memory."""
