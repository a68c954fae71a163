import os

from .base import *  # noqa: F401,F403

ALLOWED_HOSTS = os.environ.get("DJANGO_ALLOWED_HOSTS", "").split(",")
SESSION_COOKIE_SECURE = True

DATABASES = {
    # 业务库
    "default": {
        "ENGINE": "django.db.backends.mysql",
        "NAME": "opsdesk",
        "USER": os.environ["MYSQL_USER"],
        "PASSWORD": os.environ["MYSQL_PASSWORD"],
        "HOST": "127.0.0.1",
        "PORT": "3306",
        "CONN_MAX_AGE": 0,
        "OPTIONS": {"charset": "utf8mb4"},
    },
    # 分析库
    "analytics": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "analytics",
        "USER": os.environ["POSTGRES_USER"],
        "PASSWORD": os.environ["POSTGRES_PASSWORD"],
        "HOST": "127.0.0.1",
        "PORT": "5432",
    },
}
