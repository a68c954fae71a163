import os

import mysql.connector


def finish_job(job_id: str, status: str) -> None:
    # 每个任务只写一次，单独开连接即可
    connection = mysql.connector.connect(
        host=os.environ.get("MYSQL_HOST", "localhost"),
        user=os.environ["MYSQL_USER"],
        password=os.environ["MYSQL_PASSWORD"],
        database=os.environ["MYSQL_DATABASE"],
    )
    try:
        cursor = connection.cursor()
        cursor.execute("UPDATE jobs SET status = %s WHERE id = %s", (status, job_id))
        connection.commit()
    finally:
        connection.close()
