/** How the OpenAPI 3.1 document is made from the routes' own schemas. */
import type { SwaggerTransformObject } from '@fastify/swagger';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { documentRequestBody } from './documents.ts';
import { eventRequest } from './events.ts';
import { importRequestBody } from './imports.ts';

export const apiPath = '/api/v1';

/** Options of @fastify/swagger. */
export const openApi = {
  openapi: {
    openapi: '3.1.0',
    info: {
      title: 'Tocsin',
      version: '1',
      description: 'From a suspected personal-data breach to proven, lawful notice.',
    },
    servers: [{ url: apiPath }],
    components: {
      securitySchemes: { bearer: { type: 'http' as const, scheme: 'bearer' } },
    },
    security: [{ bearer: [] }],
  },
  transform: jsonSchemaTransform,
  transformObject: withRawBodies,
};

function withRawBodies(given: Parameters<SwaggerTransformObject>[0]) {
  const document = jsonSchemaTransformObject(given);
  const importing = document.paths?.['/imports/{kind}']?.post;
  if (importing !== undefined) Object.assign(importing, { requestBody: importRequestBody });
  const taking = document.paths?.['/events']?.post;
  if (taking !== undefined) Object.assign(taking, eventRequest);
  const attaching = document.paths?.['/cases/{case}/documents']?.post;
  if (attaching !== undefined) Object.assign(attaching, { requestBody: documentRequestBody });
  return document;
}
