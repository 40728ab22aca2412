# Under `alimock run`, or after `eval "$(alimock env)"`. The program reads endpoint, region and key from variables.
aliyun sts GetCallerIdentity --insecure
aliyun ram CreateUser --UserName ci --insecure
aliyun ram ListUsers --insecure --cli-query 'Users.User[].UserName'

# The same with a profile.
aliyun configure set --profile alimock --mode AK --region cn-hangzhou --endpoint "$ALIBABA_CLOUD_ENDPOINT" \
  --access-key-id "$ALIBABA_CLOUD_ACCESS_KEY_ID" --access-key-secret "$ALIBABA_CLOUD_ACCESS_KEY_SECRET"
aliyun ram ListUsers --insecure --profile alimock

# An action that the program does not know. The service rejects it, so the exit code is 1.
if aliyun aas ListAccessKeysForAccount --version 2015-07-01 --force --PK 1 --insecure; then exit 1; fi
