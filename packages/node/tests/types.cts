// A CommonJS project.

import alimock = require('alimock');

export const start: Promise<alimock.Server> = alimock.startAlimock();
