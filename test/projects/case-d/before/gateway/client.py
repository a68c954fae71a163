import httpx

from gateway import config


def build_client() -> httpx.AsyncClient:
    limits = httpx.Limits(
        max_connections=config.HTTP_MAX_CONNECTIONS,
        max_keepalive_connections=config.HTTP_MAX_KEEPALIVE_CONNECTIONS,
        keepalive_expiry=config.HTTP_KEEPALIVE_EXPIRY,
    )
    timeout = httpx.Timeout(
        connect=config.HTTP_CONNECT_TIMEOUT,
        read=config.HTTP_READ_TIMEOUT,
        write=30.0,
        pool=config.HTTP_POOL_TIMEOUT,
    )
    return httpx.AsyncClient(base_url=config.UPSTREAM_URL, limits=limits, timeout=timeout)
