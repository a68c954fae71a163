from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from app.database import SessionLocal


@contextmanager
def session_scope() -> Iterator[Session]:
    """提交、回滚并关闭。"""
    db = SessionLocal()
    try:
        yield db
        db.commit()
    except Exception:
        db.rollback()
        raise
    finally:
        db.close()


@contextmanager
def read_session() -> Iterator[Session]:
    """只读：不提交，只关闭。"""
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()
