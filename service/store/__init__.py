"""Where things are kept: the tables, the one commit, the migrations, and the documents."""
