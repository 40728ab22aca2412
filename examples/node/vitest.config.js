export default { test: { include: ['app.test.js'], globalSetup: ['alimock/vitest/setup'] } };
