import './app/vault-app';
