from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from shared.models import Base, Job

# 测试专用的小连接池
engine = create_engine("sqlite:///test_jobs.db", pool_size=1, max_overflow=0)


def test_job_round_trip():
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(Job(id="a" * 32, user_id=1, status="queued", path="/tmp/a.docx"))
        session.commit()
        assert session.scalars(select(Job.status)).first() == "queued"
