export { AkidbClient, AkidbError, ApiError, ForbiddenError, UnauthenticatedError, type Call } from '@akidb/sdk';
