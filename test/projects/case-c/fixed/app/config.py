import os

DATABASE_URL = os.environ.get("DATABASE_URL", "postgresql+psycopg2://retail:retail@localhost:5432/retail")
MAX_EXPORT_ROWS = 50_000
