"""What counts as a secret, by name and by shape, and what does not."""

from __future__ import annotations

import pytest

from workbench.sources.configuration.reading import read
from workbench.sources.configuration.secrets import credentials, is_secret

_RANDOM = "9f8a7c6b5d4e3f2a1b0c9d8e7f6a5b4c"


@pytest.mark.parametrize(
    "name",
    [
        "DB_PASSWORD", "password", "dbPassword", "PASSWORD_2", "ADMIN_PASS", "api_key", "apiKey", "APIKEY", "SECRET",
        "clientSecret", "aws_secret_access_key", "GITHUB_TOKEN", "token", "PRIVATE_KEY", "signingKey", "credentials",
        "PASSWORD_FOR_ADMIN", "spring.datasource.password", "SENTRY_DSN", "COOKIE_SALT", "TOKEN_OLD", "DB_PWD", "jwt",
        "connectionString", "SESSION_KEY", "passphrase", "MYSQL_ROOT_PASSWORD", "APP_KEY", "basic-auth",
        "PGPASSWORD", "requirepass", "STRIPE_KEY", "masterauth", "DB_CREDS", "ROOT_PW", "redis.jwtsecret",
    ],
)  # fmt: skip
def test_a_secret_is_told_by_its_name(name: str) -> None:
    assert is_secret(name, "x7")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("TOKEN_TTL", "3600"),
        ("PASSWORD_MIN_LENGTH", "12"),
        ("secretName", "shop-database"),
        ("DB_PASSWORD_FILE", "/run/secrets/db"),
        ("tokenUrl", "https://login.shop.example/token"),
        ("password", ""),
        ("auth", "true"),
        ("token", "null"),
        ("DB_PASSWORD", "${DB_PASSWORD}"),
        ("DB_PASSWORD", "$(DB_PASSWORD)"),
        ("password", "{{ .Values.password }}"),
        ("password", "vault://secret/shop#db"),
        ("author", "Somebody"),
        ("bypass", "x"),
        ("partition_key", "order"),
        ("keyboard", "qwertz"),
        ("compass", "north"),
        ("monkey", "banana"),
        ("COMMAND", "serve --port 80 --password-file /run/secrets/db --token-ttl 60"),
        ("COMMAND", "serve --password $(DB_PASSWORD) --level info"),
        ("COMMAND", "[serve, --password, ${DB_PASSWORD}, --port, 80]"),
        ("COMMAND", "mysql -u root -p"),
        ("COMMAND", "redis-cli -h cache ping"),
        ("COMMAND", "docker run -u app -p 80:80 shop"),
        ("URL", "https://api.shop.example/?sort_key=name&page=2"),
        ("PACKAGE", "shop/web@1.2.3"),
        ("image", "shop@sha256:" + _RANDOM * 2),
        ("container", "shop/web:1.10@sha256:" + _RANDOM * 2),
        ("GIT_COMMIT", _RANDOM),
        ("digest", "sha256:" + _RANDOM * 2),
        ("HOST", "orders-eu-central-1.internal.shop.example"),
        ("URL", "https://api.shop.example/v1/orders?limit=10"),
        ("URL", "postgres://db.shop.example/shop"),
        ("TITLE", "All prices include taxes and delivery"),
        ("CLASS", "com.example.shop.orders.infrastructure.OrderRepository"),
        ("JAVA_OPTS", "-Xmx512m -Dfile.encoding=UTF-8 -XX:+UseG1GC"),
        ("feature_flags", "checkout-v2,new-search,express-payment-2"),
    ],
)
def test_what_is_no_secret_is_shown(name: str, text: str) -> None:
    assert not is_secret(name, text)


@pytest.mark.parametrize(
    "text",
    [
        "ghp_" + "a1B2" * 9,
        "AKIAIOSFODNN7EXAMPLE",
        "sk_live_" + "a1B2" * 6,
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJlMTIz",
        "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----",
        "Server=db;User Id=sa;Password=hunter2;",
        "DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=abc123==",
        "Basic YWRtaW46aHVudGVyMg==",
        "$2b$12$KIXQhQmQnJ0a1b2c3d4e5u",
        "admin:$apr1$x$abcdefghij",
        "app:hunter2@tcp(db:3306)/shop",
        "jdbc:postgresql://db/shop?user=app&password=hunter2",
        "https://hooks.slack.com/services/T0/B0/abc",
        "https://x.example/?token=abcdefgh",
        "https://x.example/?key=abc",
        "smtp://mail:25?username=a&pass=abc",
        "[serve, --password, abc]",
        "[redis-server, --requirepass, abc]",
        '["--api-token","abc"]',
        '["pw=abc","b"]',
        "run --jwt-secret abc",
        "mysql -uroot -pabc shop",
        "mysqldump --host db -pabc",
        "sshpass -p abc ssh host",
        "redis-cli -h cache -a abc",
        "openssl enc -k abc",
        "openssl rsa -passin pass:abc",
        "docker login -u bob -p abc registry.example",
        "app/abc@//db:1521/shop",
        _RANDOM,
        "b2xkIGFuZCB3ZWxsIGtub3duMTIzNDU2Nzg5MA",
        "first line\npassword: hunter2\n",
    ],
)
def test_a_secret_is_told_by_its_shape(text: str) -> None:
    assert is_secret("SETTING", text)


def test_an_address_is_shown_without_user_and_password() -> None:
    values = read(".env", b"DATABASE_URL=postgres://app:hunter2@db.staging/shop\n").values
    assert values["DATABASE_URL"].text == "postgres://db.staging/shop" and not values["DATABASE_URL"].secret
    assert values["DATABASE_URL/credentials"].text == "app:hunter2"
    assert values["DATABASE_URL/credentials"].secret


@pytest.mark.parametrize(
    "text", ["https://x.example/a@b", "postgres://${USER}:${PASS}@db/x", "mail@x.example"]
)
def test_an_address_without_a_password_stays_as_it_is(text: str) -> None:
    assert credentials(text) is None


def test_all_that_stands_in_a_block_of_secrets_is_one() -> None:
    values = read("a.yaml", b"credentials:\n  admin: x\n  list: [y]\n  members: [{a: z}]\nhost: db\n").values
    assert {path for path, value in values.items() if value.secret} == {
        "credentials/admin",
        "credentials/list",
    }
    assert values["credentials/members"].members[0]["a"].secret


def test_a_block_about_authentication_is_shown_but_for_its_secrets() -> None:
    text = (
        b"auth:\n  type: oidc\n  issuer: https://login.shop.example\n  clientSecret: x\njwt: {audience: shop, ttl: 60}\n"
        b"password: {min_length: 12, value: y}\nbasic_auth: admin:hunter2\nAPI_AUTH: basic\n"
    )
    secret = {path for path, value in read("a.yaml", text).values.items() if value.secret}
    assert secret == {"auth/clientSecret", "password/value", "basic_auth"}


def test_a_small_file_of_one_line_is_a_secret() -> None:
    assert read("db_password.txt", b"hunter2\n").values[""].secret
    assert (
        read("tls.key", b"-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n").values[""].secret
    )
    assert not read("nginx.conf", b"server {\n  listen 80;\n}\n").values[""].secret


@pytest.mark.parametrize(
    ("written", "secret"),
    [
        ('["--password", "abc"]', True),
        ("[redis-server, --requirepass, abc]", True),
        ("[sshpass, -p, abc, ssh]", True),
        ("[--password, $(DB_PASSWORD), --port, 80]", False),
        ("[--password-file, /run/secrets/db]", False),
        ("[--level, info]", False),
    ],
)
def test_an_option_in_a_list_says_what_the_next_item_is(written: str, secret: bool) -> None:
    values = read("a.yaml", f"command: {written}\nother: {written}\n".encode()).values
    assert {value.secret for value in values.values()} == {secret}
