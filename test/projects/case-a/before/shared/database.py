"""数据库访问：ORM 用 SQLAlchemy，报表用 mysql.connector 连接池。"""
import os
from contextlib import contextmanager

from mysql.connector import pooling
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

USER = os.environ["MYSQL_USER"]
PASSWORD = os.environ["MYSQL_PASSWORD"]
HOST = os.environ.get("MYSQL_HOST", "localhost")
NAME = os.environ["MYSQL_DATABASE"]

DATABASE_URL = f"mysql+pymysql://{USER}:{PASSWORD}@{HOST}:3306/{NAME}?charset=utf8mb4"

engine = create_engine(DATABASE_URL, pool_size=5, max_overflow=10, pool_recycle=3600)

SessionFactory = sessionmaker(bind=engine, expire_on_commit=False)


@contextmanager
def session_scope():
    session = SessionFactory()
    try:
        yield session
        session.commit()
    except Exception:
        session.rollback()
        raise
    finally:
        session.close()


class MySQLDatabase:
    """mysql.connector 连接池的简单封装。"""

    def __init__(
        self,
        host: str,
        user: str,
        password: str,
        database: str,
        port: int = 3306,
        pool_size: int = 5,
    ):
        self._pool = pooling.MySQLConnectionPool(
            pool_name="report_pool",
            pool_size=pool_size,
            host=host,
            port=port,
            user=user,
            password=password,
            database=database,
            charset="utf8mb4",
        )

    def fetch_all(self, sql: str, parameters: tuple = ()) -> list[dict]:
        connection = self._pool.get_connection()
        try:
            cursor = connection.cursor(dictionary=True)
            try:
                cursor.execute(sql, parameters)
                return cursor.fetchall()
            finally:
                cursor.close()
        finally:
            connection.close()
