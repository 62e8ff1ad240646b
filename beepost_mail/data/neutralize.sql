-- A copied database cannot post: practice accounts only, no credentials.
UPDATE beepost_account
   SET gateway = 'sandbox', url = NULL, secret = NULL;
DELETE FROM beepost_token;
