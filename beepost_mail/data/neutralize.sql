-- A copied database cannot post: practice accounts only, no credentials.
UPDATE beepost_account
   SET gateway = 'sandbox', url = NULL, secret = NULL, limits_at = NULL;
DELETE FROM beepost_token;
