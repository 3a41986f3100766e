-- A neutralized copy of a database accepts none of the original's tokens, codes and secrets, and answers no application
-- until an administrator has said where it is.
DELETE FROM ir_config_parameter WHERE key IN ('restapi_oauth2.issuer', 'restapi_oauth2.issuer_database');
DELETE FROM oauth2_signing_key;
DELETE FROM oauth2_authorization_code;
DELETE FROM oauth2_device_request;
DELETE FROM oauth2_authorization;
DELETE FROM oauth2_authorization_end;
DELETE FROM oauth2_client_secret;
UPDATE oauth2_client SET registration_token = NULL;
UPDATE oauth2_initial_access_token SET digest = NULL;
