/** The texts of the files on the instance. */

import { ILogGroup } from 'aws-cdk-lib/aws-logs';

export const SERVER_FOLDER = '/opt/gallery';
export const ENVIRONMENT_FILE = '/etc/gallery/environment';
export const SERVER_LOG_FOLDER = '/var/log/gallery';
export const SERVER_PORT = 8080;
export const USER = 'gallery';
export const METRICS_NAMESPACE = 'ImageGallery';
export const HEALTH_PATH = '/health';
/** How long running uploads may go on when the server stops. */
export const SHUTDOWN_SECONDS = 30;

const NODE = '/usr/bin/node-24';
const SERVER_LOG = `${SERVER_LOG_FOLDER}/server.log`;

/** Lines `NAME=value`. */
export function environmentFile(variables: Readonly<Record<string, string | number>>): string {
  return Object.entries(variables).map(([name, value]) => `${name}=${value}\n`).join('');
}

/** The server as a service: a user of its own that can write nothing, restarted when it ends. */
export function serviceUnit(): string {
  return `[Unit]
Description=Image gallery
After=network-online.target
Wants=network-online.target
StartLimitIntervalSec=0

[Service]
User=${USER}
EnvironmentFile=${ENVIRONMENT_FILE}
Environment=NODE_ENV=production
WorkingDirectory=${SERVER_FOLDER}
ExecStart=${NODE} ${SERVER_FOLDER}/server.mjs
Restart=always
RestartSec=2
TimeoutStopSec=${SHUTDOWN_SECONDS + 15}
StandardOutput=append:${SERVER_LOG}
StandardError=inherit
LimitNOFILE=16384
MemoryMax=75%

CapabilityBoundingSet=
LockPersonality=yes
NoNewPrivileges=yes
PrivateDevices=yes
PrivateTmp=yes
ProcSubset=pid
ProtectClock=yes
ProtectControlGroups=yes
ProtectHome=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
ProtectSystem=strict
RemoveIPC=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_NETLINK AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged
UMask=0077

[Install]
WantedBy=multi-user.target
`;
}

/** The server opens its log once, so it is copied and emptied. */
export function logRotation(): string {
  return `${SERVER_LOG} {
  daily
  rotate 7
  maxsize 100M
  compress
  missingok
  notifempty
  copytruncate
}
`;
}

/** nginx in front of the server. Uploads go through as they arrive. */
export function nginxConfiguration(maxUploadBytes: number): string {
  return `user nginx;
worker_processes auto;
pid /run/nginx.pid;
error_log /var/log/nginx/error.log warn;

events {
  worker_connections 1024;
}

http {
  include /etc/nginx/mime.types;
  default_type application/octet-stream;
  server_tokens off;
  log_format json escape=json '{"time":"$time_iso8601","client":"$remote_addr","method":"$request_method","path":"$uri",'
    '"status":$status,"bytes":$body_bytes_sent,"seconds":$request_time}';
  access_log /var/log/nginx/access.log json;

  keepalive_timeout 65s;
  client_header_timeout 15s;
  client_body_timeout 30s;
  send_timeout 30s;
  reset_timedout_connection on;
  limit_conn_zone $binary_remote_addr zone=clients:1m;
  limit_conn_status 429;

  gzip on;
  gzip_vary on;
  gzip_proxied any;
  gzip_min_length 1024;
  gzip_types text/css text/javascript application/javascript application/json image/svg+xml;

  upstream gallery {
    server 127.0.0.1:${SERVER_PORT};
    keepalive 32;
  }

  server {
    listen 80 default_server;
    server_name _;
    limit_conn clients 50;
    client_max_body_size ${Math.ceil(maxUploadBytes / 1024) + 64}k;

    location / {
      proxy_pass http://gallery;
      proxy_http_version 1.1;
      proxy_request_buffering off;
      proxy_connect_timeout 5s;
      proxy_send_timeout 60s;
      proxy_read_timeout 120s;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Proto $scheme;
    }

    # What nginx itself refuses, in the words of the server.
    error_page 413 @too_large;
    error_page 429 @too_many;
    error_page 502 504 =503 @unavailable;
    location @too_large {
      default_type application/json;
      return 413 '{"code":"TOO_LARGE","message":"the file must have at most ${maxUploadBytes} bytes"}';
    }
    location @too_many {
      default_type application/json;
      return 429 '{"code":"TOO_MANY_REQUESTS","message":"too many connections at a time: try again soon"}';
    }
    location @unavailable {
      default_type application/json;
      return 503 '{"code":"UNAVAILABLE","message":"the server is restarting: try again soon"}';
    }
  }
}
`;
}

/** Logs of server and nginx, and how full memory and disk are. */
export function agentConfiguration(logs: { readonly server: ILogGroup; readonly web: ILogGroup }): Record<string, unknown> {
  const file = (path: string, group: ILogGroup, name: string) => ({ file_path: path, log_group_name: group.logGroupName, log_stream_name: `{instance_id}/${name}` });
  return {
    agent: { metrics_collection_interval: 60, run_as_user: 'root' },
    metrics: {
      namespace: METRICS_NAMESPACE,
      append_dimensions: { InstanceId: '${aws:InstanceId}' },
      metrics_collected: {
        mem: { measurement: ['mem_used_percent'] },
        disk: { measurement: ['used_percent'], resources: ['/'], drop_device: true },
      },
    },
    logs: {
      logs_collected: {
        files: {
          collect_list: [
            file(SERVER_LOG, logs.server, 'server'),
            file('/var/log/nginx/access.log', logs.web, 'access'),
            file('/var/log/nginx/error.log', logs.web, 'error'),
          ],
        },
      },
    },
  };
}
