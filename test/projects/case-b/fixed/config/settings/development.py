from .base import *  # noqa: F401,F403

DEBUG = True
ALLOWED_HOSTS = ["*"]

# 本地开发连公司内网的测试库，每次请求新建连接，方便重启数据库
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.mysql",
        "NAME": "opsdesk_dev",
        "USER": "dev",
        "PASSWORD": "dev",
        "HOST": "127.0.0.1",
        "CONN_MAX_AGE": 0,
    },
}
