// What the console takes of the TypeScript SDK, as its build leaves it.
export { AkidbClient, AkidbError, ApiError, ForbiddenError, UnauthenticatedError } from '../../sdk/typescript/dist/index.js';
