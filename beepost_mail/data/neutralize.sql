-- A copied database cannot post: practice accounts only, no credentials.
UPDATE beepost_account
   SET gateway = 'sandbox', url = NULL, secret = NULL, limits_at = NULL;
DELETE FROM beepost_token;
-- What is accepted from now on was only practice.
UPDATE beepost_mailing SET is_practice = TRUE WHERE state != 'accepted';
