-- A copied database asks nobody in the company's name, and believes nobody.
UPDATE beepost_suivi SET active = FALSE, secret = NULL;
UPDATE beepost_account SET webhook_secret = NULL;
