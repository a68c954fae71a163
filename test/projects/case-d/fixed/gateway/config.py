"""所有配置都来自环境变量。"""
import os

UPSTREAM_URL = os.getenv("UPSTREAM_URL", "https://upstream.example.com")
LOG_LEVEL = os.getenv("LOG_LEVEL", "info")

# 连接池
HTTP_MAX_CONNECTIONS = int(os.getenv("HTTP_MAX_CONNECTIONS", "100"))
HTTP_MAX_KEEPALIVE_CONNECTIONS = int(os.getenv("HTTP_MAX_KEEPALIVE_CONNECTIONS", "20"))
HTTP_KEEPALIVE_EXPIRY = float(os.getenv("HTTP_KEEPALIVE_EXPIRY", "5.0"))

# none：一直等到有空闲连接
_pool_timeout = os.getenv("HTTP_POOL_TIMEOUT", "5.0")
HTTP_POOL_TIMEOUT = None if _pool_timeout.lower() == "none" else float(_pool_timeout)

# 上游是大模型接口，回答可能要两分钟
HTTP_CONNECT_TIMEOUT = 5.0
HTTP_READ_TIMEOUT = 120.0
