"""明鉴's review desk: what people read, weigh and decide. It shows published nights and keeps what people do with them."""
