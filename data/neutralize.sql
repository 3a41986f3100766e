-- A neutralized copy of a database accepts none of the original's tokens, codes and secrets.
DELETE FROM oauth2_signing_key;
DELETE FROM oauth2_authorization_code;
DELETE FROM oauth2_authorization;
DELETE FROM oauth2_authorization_end;
DELETE FROM oauth2_client_secret;
